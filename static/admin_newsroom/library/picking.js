// The library as a popup: a click hands a file to the editor of a text, or to the field of a picture.

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-ckeditor-function], [data-popup-opener]");
  if (!link || !window.opener) return;
  event.preventDefault();
  const { ckeditorFunction, ckeditorData, popupOpener } = link.dataset;
  if (ckeditorFunction) {
    const data = JSON.parse(ckeditorData);
    window.opener.CKEDITOR.tools.callFunction(Number(ckeditorFunction), link.href, data);
    window.close();
  } else {
    window.opener.dismissRelatedLookupPopup(window, popupOpener);
  }
});
