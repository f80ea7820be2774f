# SPDX-License-Identifier: GPL-3.0-or-later
"""concurrent.futures.ProcessPoolExecutor of the standard library."""

from concurrent.futures import ProcessPoolExecutor

from job import Job


def main():
    job = Job()
    with ProcessPoolExecutor(job.given.processes) as executor, job.clock():
        job.write(executor.map(job.function, job.items(), chunksize=job.given.chunksize or 1))


if __name__ == "__main__":
    main()
