# SPDX-License-Identifier: GPL-3.0-or-later
"""joblib with its default backend, loky, and its default batches, which adapt to how long the items take."""

from job import Job
from joblib import Parallel, delayed


def main():
    job = Job()
    with Parallel(n_jobs=job.given.processes) as parallel, job.clock():
        job.write(parallel(delayed(job.function)(item) for item in job.items()))


if __name__ == "__main__":
    main()
