"""What the shop sells."""

from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    sold = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.name
