# SPDX-License-Identifier: GPL-3.0-or-later
"""pebble.ProcessPool."""

from job import Job
from pebble import ProcessPool


def main():
    job = Job()
    with ProcessPool(max_workers=job.given.processes) as pool, job.clock():
        job.write(pool.map(job.function, job.items(), chunksize=job.given.chunksize or 1).result())


if __name__ == "__main__":
    main()
