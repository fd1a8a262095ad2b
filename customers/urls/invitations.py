"""Sales > Leads and Opportunities > Customer Development: invite, links, History Records."""

from django.urls import path, register_converter

from .. import pictures
from ..views import invitations, links


class PictureConverter:
    """The kinds of pictures of a QR code."""

    regex = "|".join(pictures.KINDS)

    def to_python(self, value: str) -> str:
        """The kind."""
        return value

    def to_url(self, value: str) -> str:
        """The kind."""
        return value


register_converter(PictureConverter, "picture")

app_name = "invitations"
urlpatterns = [
    path("/invite", invitations.InviteView.as_view(), name="invite"),
    path("/invite/preview", invitations.PreviewView.as_view(), name="preview"),
    path("/history", invitations.HistoryView.as_view(), name="history"),
    path("/history/resend", invitations.ResendView.as_view(), name="resend"),
    path("/links", links.GeneralLinkView.as_view(), name="links"),
    path("/links/process", links.LinkProcessView.as_view(), name="process"),
    path("/links/customized", links.CustomizedLinksView.as_view(), name="customized"),
    path("/links/records", links.GenerationRecordView.as_view(), name="records"),
    path("/links/promotional", links.PromotionalLinksView.as_view(), name="promotional"),
    path("/links/<int:pk>", links.GeneratedView.as_view(), name="generated"),
    path("/links/<int:pk>/disable", links.DisableLinkView.as_view(), name="disable"),
    path("/links/<int:pk>/qr-code.<picture:kind>", links.QrCodeView.as_view(), name="qr-code"),
]
