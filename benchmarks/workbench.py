"""What does the workbench do when 20 people come at once, each with a table of 10 MB?

Run: python benchmarks/workbench.py [people] [megabytes]

A real server process on this computer, over real HTTP, with one account for each person. All
send their table at the same moment, then look at every page of their study. Told: the answers
that were no answers, how long each page took in the crowd, the server's largest memory, and how
long each page takes on the example when nobody else is there (the aim is 100 ms). The tables are
made with a fixed seed. Linux only: the memory is read from /proc.

Measured on 2 processors, Python 3.11, November 2026, 20 people and 10 MB (55,615 patients) each:

    alone, on the example, median       start 4 ms, data 19, problems 6, refractory 13, plan 141
                                        (since then 40 when looked at again), run 6, results 5
    20 at once, median and largest      sign in 1.3 and 2.3 s, data 1.1 and 1.6 s, problems 145 and
                                        329 ms, run 185 and 347 ms, results 128 and 335 ms
    sending the table, in turn          58 s and 114 s; everybody was answered after 118 s
    memory of the server                795 MB at most
    answers that were none              0
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
from check_speed import EXTRA, PATIENT, patient

PASSWORD = "a password for this benchmark"
PAGES = (
    "data",
    "problems",
    "problems?severity=error&page=2",
    "refractory",
    "plan",
    "run",
    "results",
)
LONGEST = 900.0  # seconds somebody waits


def table(megabytes: float) -> bytes:
    """One table of patients of at least this size."""
    chance, out, n = random.Random(1), io.StringIO(), 0
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PATIENT + EXTRA)
    while out.tell() < megabytes * 1_000_000:
        writer.writerow(patient(chance, n))
        n += 1
    return out.getvalue().encode()


class Server:
    """A server process with its accounts."""

    def __init__(self, folder: Path, people: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        for n in range(people):
            role = "analyst" if n else "administrator"
            told = self.avidity("account", "add", f"person{n}", "--role", role)
            told.communicate(f"{PASSWORD}\n".encode())
        port = self.address.rpartition(":")[2]
        self.process = self.avidity("serve", "--address", self.address, "--port", port)
        self.wait()

    def avidity(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "avidity", *words, "--data", str(self.folder)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def wait(self) -> None:
        for _ in range(300):
            try:
                httpx.get(f"{self.address}/login", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the server did not begin")

    def memory(self, key: str = "VmHWM") -> float:
        """Megabytes: VmHWM the largest so far, VmRSS now."""
        told = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(re.search(rf"{key}:\s+(\d+) kB", told)[1]) / 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Person:
    """Somebody with a browser."""

    def __init__(self, server: Server, n: int, times: dict[str, list[float]]) -> None:
        own = {"origin": server.address}
        self.client = httpx.Client(
            base_url=server.address, headers=own, follow_redirects=True, timeout=LONGEST
        )
        self.name, self.times, self.wrong = f"person{n}", times, []

    def ask(self, what: str, method: str, path: str, **given: object) -> httpx.Response | None:
        """An answer, timed; one that is none is written down."""
        begun = time.perf_counter()
        try:
            answer = self.client.request(method, path, **given)
        except httpx.TransportError as error:
            self.wrong.append(f"{what}: {type(error).__name__}")
            return None
        self.times[what].append(time.perf_counter() - begun)
        if answer.status_code != 200:
            self.wrong.append(f"{what}: {answer.status_code}")
        return answer

    def sign_in(self) -> None:
        self.ask("sign in", "POST", "/login", data={"name": self.name, "password": PASSWORD})

    def form(self, path: str) -> dict[str, str]:
        found = re.search(r'name="form_token" value="(\w+)"', self.client.get(path).text)
        return {"form_token": found[1]}

    def send(self, content: bytes) -> str:
        """A study from a table; its path."""
        files = {"files": ("patients.csv", content)}
        data = {**self.form("/"), "title": self.name}
        answer = self.ask("send the table", "POST", "/studies", data=data, files=files)
        return answer.url.path.rpartition("/")[0] if answer and answer.status_code == 200 else ""

    def look(self, study: str, pages: tuple[str, ...]) -> None:
        for page in pages:
            self.ask(page.partition("?")[0], "GET", f"{study}/{page}")


def there(person: Person, study: str) -> tuple[str, ...]:
    """The pages this version has."""
    return tuple(page for page in PAGES if person.client.get(f"{study}/{page}").status_code != 404)


def told(times: dict[str, list[float]], what: str) -> None:
    print(f"{what:<24}{'n':>5}{'median':>10}{'largest':>10}  (ms)")
    for name, each in times.items():
        middle, largest = 1e3 * statistics.median(each), 1e3 * max(each)
        print(f"  {name:<22}{len(each):>5}{middle:>10.0f}{largest:>10.0f}")


def alone(server: Server) -> list[str]:
    """The example, when nobody else is there."""
    times: dict[str, list[float]] = defaultdict(list)
    person = Person(server, 0, times)
    person.sign_in()
    answer = person.client.post("/example", data=person.form("/"))
    study = answer.url.path.rpartition("/")[0]
    pages = there(person, study)
    times.clear()
    for _ in range(10):
        person.ask("start", "GET", "/")
        person.look(study, pages)
    told(times, "example, alone")
    return person.wrong


def crowd(server: Server, people: int, content: bytes) -> list[str]:
    """Everybody at the same moment."""
    times: dict[str, list[float]] = defaultdict(list)
    everybody = [Person(server, n, times) for n in range(people)]
    ready = threading.Barrier(people)

    def work(n: int) -> None:
        person = everybody[n]
        person.sign_in()
        own = content + b"Q%d\n" % n if n else content  # a table of one's own
        ready.wait(LONGEST)
        study = person.send(own)
        if study:
            person.look(study, PAGES[:2] + PAGES[5:])
            person.look(study, PAGES[:2])

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))
    told(times, f"{people} people at once")
    return [f"{one.name}: {wrong}" for one in everybody for wrong in one.wrong]


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    content = table(float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)
    rows, cores = content.count(b"\n") - 1, len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    print(f"{len(content) / 1e6:.1f} MB, {rows:,} patients; {cores} cores, load {load:.1f}")
    with tempfile.TemporaryDirectory() as made:
        server = Server(Path(made), people)
        try:
            print(f"memory at the beginning {server.memory():.0f} MB")
            wrong = alone(server)
            print(f"largest memory so far {server.memory():.0f} MB")
            begun = time.perf_counter()
            wrong += crowd(server, people, content)
            print(f"everybody was answered after {time.perf_counter() - begun:.0f} s")
            now = server.memory("VmRSS")
            print(f"largest memory {server.memory():.0f} MB, afterwards {now:.0f} MB")
            print(f"no answer, or another than expected: {len(wrong)}", *wrong[:20], sep="\n  ")
        finally:
            server.stop()
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
