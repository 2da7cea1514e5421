#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that application threads block in one place: no sleep, no condition variable, no poll or
select and no join outside core/client/wait.cpp, core/background.cpp and core/resolver.cpp.

Comes in: ctest, or by hand. `--self-test` shows that every rule can fail.
"""
import argparse
import pathlib
import re
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("core", "odbc", "plugins", "dialects")
THE_PLACES = {"core/client/wait.cpp", "core/background.cpp", "core/resolver.cpp"}

# file, text of the line, why it does not block
ALLOWED = [
    ("core/client/link_guard.cpp", r"::poll\(&entry, 1, 0\)", "a timeout of 0 looks and does not wait"),
]

BLOCKING = re.compile(
    r"\b(usleep|nanosleep|clock_nanosleep|sleep_for|sleep_until)\s*\("
    r"|(?<![\w.>:])(::)?sleep\s*\("
    r"|(?<![\w.>])::\s*(poll|ppoll|select|pselect|epoll_wait|epoll_pwait|pause)\s*\("
    r"|(?<![\w.>:])(poll|ppoll|select|pselect|epoll_wait|epoll_pwait)\s*\(\s*[^)\s]"
    r"|\bcondition_variable(_any)?\b|#\s*include\s*<(condition_variable|semaphore|latch|barrier|future)>"
    r"|\bstd::(counting_semaphore|binary_semaphore|latch|barrier|future|promise|async)\b"
    r"|\b(sem_wait|sem_timedwait|pthread_join|pthread_timedjoin_np|pthread_cond_wait|pthread_cond_timedwait|sigwait)\s*\("
    r"|(\.|->)(join|wait_for|wait_until)\s*\("
    r"|\bSYS_futex\b")
COMMENT = re.compile(r"//.*$|/\*.*?\*/")
TEXT = re.compile(r'"(\\.|[^"\\])*"')


def without_comments(text: str) -> list[str]:
    """Lines of code; block comments become blank, so that line numbers stay."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    return [COMMENT.sub("", TEXT.sub('""', line)) for line in text.split("\n")]


def is_allowed(path: str, line: str) -> bool:
    return any(path == file and re.search(text, line) for file, text, _ in ALLOWED)


def findings(root: pathlib.Path) -> list[str]:
    result = []
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix not in (".h", ".cpp", ".c") or path in THE_PLACES:
                continue
            for number, line in enumerate(without_comments(file.read_text(encoding="utf-8")), 1):
                match = BLOCKING.search(line)
                if match and not is_allowed(path, line):
                    result.append(f"{path}:{number}: '{match[0].strip()}' blocks; wait with core::wait "
                                  "(core/client/wait.h) or say in ALLOWED why it does not")
    return result


def unused_allowances(root: pathlib.Path) -> list[str]:
    """An entry whose line is gone must go, too."""
    result = []
    for file, text, _ in ALLOWED:
        path = root / file
        if path.exists() and not re.search(text, path.read_text(encoding="utf-8")):
            result.append(f"{file}: no line matches the entry '{text}' of ALLOWED; remove it")
    return result


VIOLATIONS = [
    "usleep(10);", "  sleep(1);", "::sleep(1);", "std::this_thread::sleep_for(x);", "nanosleep(&a, &b);",
    "poll(&p, 1, -1);", "if (::poll(&p, 1, -1) < 0) {", "select(n, &r, nullptr, nullptr, nullptr);",
    "epoll_wait(a, b, c, d);", "std::condition_variable ready;", "#include <condition_variable>",
    "thread.join();", "ready_.wait_for(lock, span);", "pthread_join(t, nullptr);", "sem_wait(&s);",
    "std::future<int> f;", "::pause();",
]
SOUND = [
    "wait(Waitable::readable(fd), deadline, interrupt);", "// sleep(1) would block", "/* poll(a,\nb) */ int x;",
    'throw "poll(a, b)";', "Want poll();", "case Stage::polling: return poll();", "core::pause(span, nullptr);",
    "text_.select(3);", "Want PgConnect::poll() {", "statement.select(a);", "pause(milliseconds(3), nullptr);",
    "auto joined = join_words(a);",
]


def self_test() -> list[str]:
    result = []
    for expected, lines in ((True, VIOLATIONS), (False, SOUND)):
        for line in lines:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / "core" / "x.cpp"
                file.parent.mkdir()
                file.write_text(line + "\n", encoding="utf-8")
                if bool(findings(pathlib.Path(folder))) != expected:
                    result.append(f"self-test: {line!r} should {'' if expected else 'not '}be found")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, default=SOURCE)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    source = arguments.source
    result = self_test() if arguments.self_test else findings(source) + unused_allowances(source)
    print("\n".join(result) or "only wait blocks: sound")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
