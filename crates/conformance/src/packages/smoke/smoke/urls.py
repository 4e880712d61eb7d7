"""The admin pages, and one of the shop's own."""

from django.contrib import admin
from django.urls import path

from .shop import views

urlpatterns = [path("admin/", admin.site.urls), path("", views.index)]
