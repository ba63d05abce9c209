"""Addresses of the second factor, below /admin/, where the language is the browser's."""

from django.urls import path

from newsroom.second_factor import views

app_name = "second_factor"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("", views.overview, name="overview"),
    path("app/", views.add_app, name="add_app"),
    path("passkey/", views.add_passkey, name="add_passkey"),
    path("codes/", views.recovery_codes, name="codes"),
    path("<str:kind>/<int:pk>/", views.change_device, name="device"),
]
