"""A page from a template of the app."""

from django.shortcuts import render

from .models import Product


def index(request):
    return render(request, "shop/index.html", {"products": Product.objects.order_by("name")})
