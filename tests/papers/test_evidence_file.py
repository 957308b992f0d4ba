"""evidence.toml: read whole, or every fault with its line."""

import pytest

from avidity.errors import PaperError
from avidity.papers.evidence_file import find_or_read, read_evidence

GOOD = """title = "t"
library = ["luo-2020"]

[[factor]]
name = "extrathyroidal_extension"
label = "ETE"

[[factor.study]]
label = "A"
with_factor = [12, 40]
without_factor = [3, 50]

[[factor.study]]
label = "B"
estimate = "2.28"
interval = ["1.43", "3.64"]
"""


def written(tmp_path, text):
    path = tmp_path / "evidence.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_keeps_every_printed_digit(tmp_path):
    got = read_evidence(written(tmp_path, GOOD))

    assert got.factor[0].study[1].interval == ("1.43", "3.64")
    assert got.factor[0].study[0].with_factor == (12, 40)
    assert len(got.sha256) == 64
    assert got == read_evidence(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('estimate = "2.28"', "estimate = 2.28", 15, "quotation marks"),
        ('estimate = "2.28"', 'estimate = "5.28"', 13, "around its estimate"),
        ('estimate = "2.28"', 'estimate = "two"', 13, "a number as printed"),
        ('estimate = "2.28"\n', "", 13, "a study needs"),
        ('label = "B"', 'label = "A"', 14, "stands there twice"),
        ("with_factor = [12, 40]", "with_factor = [42, 40]", 8, "no more cases than patients"),
        ("with_factor = [12, 40]\n", "", 8, "a study needs"),
        ("with_factor = [12, 40]", 'with_factor = [12, 40]\nestimate = "2"', 8, "one way only"),
        ("luo-2020", "luo-2019", 2, "the library has no 'luo-2019'"),
        ('label = "ETE"', 'label = "ETE"\nmeasure = "odds"', 7, "must be 'odds ratio'"),
        ('label = "ETE"', 'label = "ETE"\ncolour = "red"', 7, "no word of an evidence file"),
        ('label = "ETE"\n', "", 4, "label must be there"),
    ],
)
def test_every_fault_is_told_with_its_line(tmp_path, before, after, line, words):
    with pytest.raises(PaperError, match=words) as told:
        read_evidence(written(tmp_path, GOOD.replace(before, after)))

    assert f"evidence.toml, line {line}:" in str(told.value)


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("[12, 40]", "[42, 40]").replace('"3.64"', '"1.64"')

    with pytest.raises(PaperError) as told:
        read_evidence(written(tmp_path, text))

    assert 2 == len(str(told.value).splitlines())


def test_counts_say_nothing_of_an_area_and_sizes_nothing_of_a_ratio(tmp_path):
    area = GOOD.replace('label = "ETE"', 'label = "ETE"\nmeasure = "area under the curve"')
    with pytest.raises(PaperError, match="say nothing of: area under the curve"):
        read_evidence(written(tmp_path, area))
    sizes = GOOD.replace('interval = ["1.43", "3.64"]', "cases = 3\ncontrols = 9")
    with pytest.raises(PaperError, match="cases and controls say nothing of: odds ratio"):
        read_evidence(written(tmp_path, sizes))
    counted = GOOD.replace(
        'estimate = "2.28"\ninterval = ["1.43", "3.64"]',
        "observed = 3\nexpected = 4.5\npatients = 30",
    )
    with pytest.raises(PaperError, match="observed and expected say nothing of: odds ratio"):
        read_evidence(written(tmp_path, counted))


def test_a_factor_nobody_printed_is_a_fault_unless_the_library_has_it(tmp_path):
    bare = 'title = "t"\nlibrary = ["luo-2020"]\n[[factor]]\nname = "NAME"\nlabel = "l"\n'

    assert read_evidence(written(tmp_path, bare.replace("NAME", "braf_v600e")))
    with pytest.raises(PaperError, match="needs a study or a pool"):
        read_evidence(written(tmp_path, bare.replace("NAME", "shoe_size")))


def test_a_missing_file_is_told_with_what_the_library_has(tmp_path):
    with pytest.raises(PaperError, match="luo-2020"):
        find_or_read(str(tmp_path / "nothing.toml"))
    with pytest.raises(PaperError, match="no valid TOML"):
        find_or_read(str(written(tmp_path, "title =")))
    assert "Luo" in find_or_read("luo-2020").source
