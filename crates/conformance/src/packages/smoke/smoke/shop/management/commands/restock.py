"""A command of the app's own."""

from django.core.management.base import BaseCommand

from smoke.shop.models import Product


class Command(BaseCommand):
    def handle(self, *args, **options):
        self.stdout.write(f"{Product.objects.count()} products")
