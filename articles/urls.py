"""Addresses of articles, categories and tags."""

from django.urls import path

from articles import views

app_name = "articles"
urlpatterns = [
    path("articles/<str:slug>/", views.article_detail, name="detail"),
    path("categories/<str:slug>/", views.category_detail, name="category"),
    path("tags/<str:slug>/", views.tag_detail, name="tag"),
]
