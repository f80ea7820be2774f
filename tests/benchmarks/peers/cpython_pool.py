# SPDX-License-Identifier: GPL-3.0-or-later
"""multiprocessing.Pool of the standard library."""

import multiprocessing

from job import Job


def main():
    job = Job()
    context = multiprocessing.get_context(job.given.context)
    with context.Pool(job.given.processes, maxtasksperchild=job.given.maxtasksperchild) as pool, job.clock():
        if job.given.method == "apply":
            job.write(pool.apply(job.function, (item,)) for item in job.items())
        elif job.given.method == "map":
            job.write(pool.map(job.function, job.items(), job.given.chunksize))
        else:
            imap = getattr(pool, job.given.method)
            job.write(imap(job.function, job.items(), job.given.chunksize or 1))


if __name__ == "__main__":
    main()
