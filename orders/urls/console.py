"""Addresses of the customer's console."""

from django.urls import path

from ..views import buying, deeds, my_orders, my_resources, renewals

app_name = "console"
urlpatterns = [
    path("console/products", buying.AllProductsView.as_view(), name="products"),
    path("console/products/<str:code>", buying.ProductView.as_view(), name="product"),
    path("console/products/<str:code>/buy", buying.ConfigureView.as_view(), name="buy"),
    path("console/products/<str:code>/confirm", buying.ConfirmView.as_view(), name="confirm"),
    path("console/orders", my_orders.MyOrdersView.as_view(), name="orders"),
    path("console/orders/<int:pk>", my_orders.OrderView.as_view(), name="order"),
    path("console/orders/<int:pk>/pay", my_orders.PayView.as_view(), name="pay"),
    path("console/orders/<int:pk>/paid", my_orders.PaidView.as_view(), name="paid"),
    path("console/orders/<int:pk>/cancel", my_orders.CancelView.as_view(), name="cancel"),
    path("console/resources", my_resources.MyResourcesView.as_view(), name="resources"),
    path("console/resources/<int:pk>", my_resources.ResourceView.as_view(), name="resource"),
    *(
        path(f"console/resources/<int:pk>/{name}", view.as_view(), name=name)
        for name, view in deeds.DEEDS.items()
    ),
    path("console/renewals", my_resources.RenewalsView.as_view(), name="renewals"),
    path("console/renewals/renew", renewals.RenewChosenView.as_view(), name="renew-chosen"),
    path("console/renewals/settings", deeds.RulesView.as_view(), name="rules"),
    path(
        "console/unsubscriptions",
        my_resources.UnsubscriptionsView.as_view(),
        name="unsubscriptions",
    ),
]
