"""From a department's records to a sound study of who becomes radioiodine-refractory."""

__version__ = "0.1.0"
