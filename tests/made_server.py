"""The workbench as a person starts it: a process of its own that can be killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys


class Server:
    """A server process; ``address`` lets one person in, ``root`` is where its pages are."""

    def __init__(self, data):
        words = [sys.executable, "-m", "avidity", "serve", "--no-browser", "--data", str(data)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.root = re.match(r"http://127\.0\.0\.1:\d+", self.address)[0]

    def stop(self, by=signal.SIGKILL):
        """End it; its exit code."""
        if self.process.poll() is None:
            os.kill(self.process.pid, by)
        self.process.stdout.close()
        return self.process.wait(20)
