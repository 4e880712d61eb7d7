"""Tasks for celery."""

from celery import shared_task


@shared_task
def add(a, b):
    return a + b


@shared_task
def total(numbers):
    return sum(numbers)
