#!/usr/bin/env python3
"""Measures known-item search of PostgreSQL 15 (`german`) and SQLite FTS5 on one set of documents.

    benches/peers.py DOCUMENTS QUERIES

DOCUMENTS has lines of `id<TAB>text`, QUERIES lines of `id<TAB>text that should find this id`.
Needs psycopg2 and PostgreSQL 15, which runs in a cluster of its own in a temporary directory, on a
Unix socket only; the script stops and removes it at the end.

Every query is a bag of words: quotes and leading hyphens, operators to PostgreSQL, are left out.
Documents of equal rank come in the order of the file. Only the systems themselves leave out stop
words: PostgreSQL does, SQLite does not, but gets only words of at least three letters or digits.
"""
import os, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, time
from contextlib import closing, contextmanager

PACKAGES = "apt-get install postgresql-15 python3-psycopg2"
try:
    import psycopg2
    from psycopg2.extras import execute_values
except ImportError:
    sys.exit(f"peers: {sys.executable} has no psycopg2: {PACKAGES} (for /usr/bin/python3)")

BINARIES = "/usr/lib/postgresql/15/bin"
SIGNALS = {signal.SIGINT, signal.SIGTERM}
TOP, WARM_UP = 10, 50
HEADER = f"""p50, p99: ms per query, one at a time, after a warm-up with the first {WARM_UP};
PostgreSQL through a Unix socket, SQLite in process, both from Python.
load: s to insert and index, with VACUUM ANALYZE (PostgreSQL) and 'optimize' (SQLite).
{"":<41} MRR@{TOP}   first  recall@{TOP}      p50      p99    load"""
POSTGRES_TABLE = """CREATE TABLE documents (number integer PRIMARY KEY, body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('german', body)) STORED)"""
POSTGRES_SEARCH = """SELECT number FROM documents, {query} AS query
    WHERE words @@ query ORDER BY {rank} DESC, number LIMIT %s"""
ANY_WORD = "CAST(replace(plainto_tsquery('german', %s)::text, ' & ', ' | ') AS tsquery)"
ALL_WORDS = "websearch_to_tsquery('german', %s)"
POSTGRES_FORMS = {
    "all words, ts_rank_cd": POSTGRES_SEARCH.format(query=ALL_WORDS, rank="ts_rank_cd(words, query)"),
    "any word, ts_rank 1": POSTGRES_SEARCH.format(query=ANY_WORD, rank="ts_rank(words, query, 1)"),
}
SQLITE_TABLE = "CREATE VIRTUAL TABLE documents USING fts5(body, tokenize='{tokenizer}')"
SQLITE_SEARCH = """SELECT rowid FROM documents WHERE documents MATCH ?
    ORDER BY bm25(documents), rowid LIMIT ?"""
SQLITE_TOKENIZERS = {"unicode61": "unicode61 remove_diacritics 2",
                     "porter": "porter unicode61 remove_diacritics 2"}


def read_lines(path):
    """Returns the (id, text) pairs of a file."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        pairs = [line.rstrip("\n").split("\t", 1) for line in lines]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        sys.exit(f"peers: {path} is empty or has a line without a tab")
    return pairs


@contextmanager
def cluster(directory):
    """Runs a PostgreSQL cluster in a directory and gives the arguments of psycopg2.connect."""
    as_user = []
    if os.geteuid() == 0:
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        shutil.chown(directory, "postgres", "postgres")
    data, port = f"{directory}/data", random.randint(20000, 60000)

    def run(program, *arguments):
        command = [*as_user, f"{BINARIES}/{program}", "-D", data, *arguments]
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # let it end even when stopped
        done = subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if done.returncode:
            sys.exit(f"peers: {program} failed")

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={directory} -c port={port}"
    try:
        run("pg_ctl", "-w", "-l", f"{directory}/log", "-o", f"{options} -c fsync=off", "start")
        yield {"host": directory, "port": port, "user": "postgres", "dbname": "postgres"}
    finally:
        if os.path.exists(f"{data}/postmaster.pid"):
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def measure(system, load, search, queries):
    """Runs the queries and prints the line of a system."""
    for _, text in queries[:WARM_UP]:
        search(text)
    places, times = [], []
    for wanted, text in queries:
        began = time.perf_counter()
        found = search(text)
        times.append((time.perf_counter() - began) * 1000)
        if wanted in found:
            places.append(found.index(wanted) + 1)
    times.sort()
    count = len(queries)
    mrr, first = sum(1 / place for place in places) / count, places.count(1) / count
    p50, p99 = times[(count - 1) // 2], times[(count * 99 - 1) // 100]
    print(f"{system:<41} {mrr:6.3f} {first:7.3f} {len(places) / count:10.3f} {p50:8.2f} {p99:8.2f}"
          f" {load:7.1f}", flush=True)


def postgres(directory, documents, queries):
    with cluster(directory) as address, closing(psycopg2.connect(**address)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        began = time.perf_counter()
        cursor.execute(POSTGRES_TABLE)
        execute_values(cursor, "INSERT INTO documents (number, body) VALUES %s", documents)
        cursor.execute("CREATE INDEX ON documents USING gin (words)")
        cursor.execute("VACUUM ANALYZE documents")
        load = time.perf_counter() - began
        for form, statement in POSTGRES_FORMS.items():
            def search(text):
                cursor.execute(statement, (re.sub(r'"|(?<!\w)-', " ", text), TOP))
                return [number for number, in cursor]
            measure(f"PostgreSQL german, {form}", load, search, queries)


def sqlite(directory, documents, queries):
    for name, tokenizer in SQLITE_TOKENIZERS.items():
        with closing(sqlite3.connect(f"{directory}/{name}.sqlite")) as connection:
            began = time.perf_counter()
            connection.execute(SQLITE_TABLE.format(tokenizer=tokenizer))
            connection.executemany("INSERT INTO documents (rowid, body) VALUES (?, ?)", documents)
            connection.execute("INSERT INTO documents (documents) VALUES ('optimize')")
            connection.commit()
            load = time.perf_counter() - began

            def search(text):
                words = [f'"{word}"' for word in re.findall(r"[^\W_]{3,}", text)]
                match = (" OR ".join(words), TOP)
                return [row for row, in connection.execute(SQLITE_SEARCH, match)] if words else []
            measure(f"SQLite FTS5 {name}, any word, bm25", load, search, queries)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: benches/peers.py DOCUMENTS QUERIES")
    if not os.path.exists(f"{BINARIES}/initdb"):
        sys.exit(f"peers: there is no {BINARIES}/initdb: {PACKAGES}")
    for number in SIGNALS:
        signal.signal(number, lambda *_: sys.exit("peers: stopped"))
    lines, queries = read_lines(sys.argv[1]), read_lines(sys.argv[2])
    numbers = {name: number for number, (name, _) in enumerate(lines)}
    if missing := [name for name, _ in queries if name not in numbers]:
        sys.exit(f"peers: no document has the id {missing[0]} of a query")
    documents = [(number, text) for number, (_, text) in enumerate(lines)]
    queries = [(numbers[name], text) for name, text in queries]
    version = subprocess.check_output([f"{BINARIES}/postgres", "-V"], text=True).strip()
    print(f"{version}, SQLite {sqlite3.sqlite_version}")
    print(f"{len(documents)} documents, {len(queries)} queries, top {TOP}\n{HEADER}", flush=True)
    with tempfile.TemporaryDirectory(prefix="peers.") as directory:
        postgres(directory, documents, queries)
        sqlite(directory, documents, queries)


if __name__ == "__main__":
    main()
