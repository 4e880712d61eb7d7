"""celery: a worker in a thread, with broker and results in memory, and tasks that it looks for by name."""

import logging

from celery import Celery, chord, group
from celery.contrib.testing.worker import start_worker


def main():
    logging.disable(logging.CRITICAL)
    app = Celery("smoke", broker="memory://", backend="cache+memory://", set_as_current=True)
    app.conf.update(task_track_started=True, worker_hijack_root_logger=False)
    app.autodiscover_tasks(["smoke"], related_name="jobs", force=True)
    add, total = app.tasks["smoke.jobs.add"], app.tasks["smoke.jobs.total"]
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        found = [add.delay(1, 2).get(timeout=30)]
        found.append(group(add.s(n, n) for n in range(3)).apply_async().get(timeout=30))
        found.append(chord([add.s(1, 1), add.s(2, 2)])(total.s()).get(timeout=30))
        failed = add.delay(1, "2")
        found.append(type(failed.get(timeout=30, propagate=False)).__name__)
        found.append("smoke/jobs.py" in failed.traceback)
    return found
