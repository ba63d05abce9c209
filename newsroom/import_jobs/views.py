"""The pages of an import: its files, its options and reports, its progress."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.import_jobs.forms import (
    FilesForm,
    OptionsForm,
    PieceForm,
    describe_limits,
    refuse_taken,
)
from newsroom.import_jobs.import_job import (
    LONG_TEXTS,
    MAY_CANCEL,
    MAY_DELETE,
    MAY_DRY_RUN,
    MAY_IMPORT,
    RIGHT,
    ImportJob,
)
from newsroom.import_jobs.upload_store import (
    KEPT,
    UploadRefused,
    delete_upload,
    draw_token,
    store_piece,
)
from newsroom.import_sources import SOURCES
from newsroom.importing.import_report import KINDS, OUTCOMES

FOLDER = "admin/newsroom/importjob"
DRY_RUN = "dry-run"  # in addresses
REFRESH = 5  # seconds after which a page without scripts asks again


def choose_files(request):
    """Show and take the files of a new import."""
    form = FilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = form.create_job(request.user, get_language())
        return redirect(_address(job))
    context = {"form": form, "token": draw_token(), **describe_limits(), "kept_days": KEPT.days}
    context["endings"] = {source.label: ", ".join(source.endings) for source in SOURCES.values()}
    return render(request, f"{FOLDER}/files.html", context)


@require_POST
def store_file(request):
    """Store a piece of a file; answer how many bytes are there, or why not."""
    form = PieceForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"error": _("The file could not be sent.")}, status=400)
    piece = form.cleaned_data
    endings = SOURCES[piece["source"]].endings
    try:
        refuse_taken(piece["upload"])
        size = store_piece(
            piece["upload"], piece["name"], piece["offset"], piece["piece"].chunks(), endings
        )
    except UploadRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"size": size})


def show_job(request, pk):
    """Show an import; take its options and start a dry run."""
    job = _find(pk, "summary", "dry_summary")
    source = SOURCES.get(job.source)
    form = source and OptionsForm(source, request.POST or None, initial=job.options)
    if request.method == "POST" and form and form.is_valid():
        if not job.request_dry_run(by=request.user, options=form.cleaned_data):
            _refuse(request)
        return redirect(_address(job))
    may_dry_run = bool(source) and job.allows(MAY_DRY_RUN)
    context = {
        **_describe(job),
        "form": form,
        "chosen": _list_chosen(source, job),
        "may_dry_run": may_dry_run,
        "may_import": job.allows(MAY_IMPORT),
        "may_delete": job.allows(MAY_DELETE),
        "acts": job.acts.select_related("by"),
        "reports": [_tabulate(job, of_dry_run) for of_dry_run in (False, True)],
        "outcomes": list(OUTCOMES.values()),
        "kept_days": KEPT.days,
        "refresh": REFRESH,
    }
    return render(request, f"{FOLDER}/job.html", context)


@require_safe
def show_progress(request, pk):
    """Show the part of the page that tells how far an import is."""
    return render(request, f"{FOLDER}/_progress.html", _describe(_find(pk)))


@require_POST
def act_on_job(request, pk):
    """Start, cancel or resume an import, or delete its uploaded files."""
    job, act = _find(pk), request.POST.get("act", "")
    acts = {"import": job.request_import, "cancel": job.cancel, "delete": job.forget_upload}
    if act not in acts:
        raise Http404
    token = job.upload
    if not acts[act](by=request.user):
        _refuse(request)
    elif act == "delete":
        delete_upload(token)
        messages.success(request, _("The uploaded files were deleted."))
    return redirect(_address(job))


@require_safe
def download_notes(request, pk, run):
    """Send every remark of a run as CSV."""
    name = "dry_notes" if run == DRY_RUN else "notes"
    job = _find(pk, name)
    text = getattr(job, name)
    if not text:
        raise Http404
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = f"{slugify(job.source)}-{job.pk}-{run}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def guard(view):
    """Make a view one of the admin, for those who may import."""

    def answer(request, *args, **kwargs):
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(answer, cacheable=False)


def _find(pk, *more):
    """Return an import without its long texts but those that are named."""
    return get_object_or_404(ImportJob.objects.defer(*LONG_TEXTS - set(more)), pk=pk)


def _address(job):
    return reverse("admin:newsroom_importjob_change", args=[job.pk])


def _refuse(request):
    messages.warning(request, _("The import has changed meanwhile. This is its current state."))


def _describe(job):
    """Return what the part about the progress shows."""
    counts = job.progress.get("counts", {})
    return {
        "job": job,
        "source": SOURCES[job.source].label if job.source in SOURCES else job.source,
        "counts": [(str(KINDS[kind]), number) for kind, number in counts.items() if kind in KINDS],
        "may_cancel": job.allows(MAY_CANCEL),
        "is_late": job.is_late,
    }


def _list_chosen(source, job):
    """Return (label, value) of the options that somebody chose."""
    labels = {option.name: option.label for option in source.options} if source else {}
    return [
        (labels[name], _format_choice(value))
        for name, value in job.options.items()
        if value and labels.get(name)
    ]


def _format_choice(value):
    if value is True:
        return _("Yes")
    return "\n".join(value) if isinstance(value, list) else value


def _tabulate(job, of_dry_run):
    """Return the report of a run for a table, or None."""
    report = job.read_report(of_dry_run=of_dry_run)
    return report and {
        "is_dry_run": of_dry_run,
        "rows": [
            (label, total, counts)
            for _kind, label, total, counts in report.list_counts()
            if total or any(counts)
        ],
        "states": list(report.list_states()),
        "remarks": list(report.list_remarks()),
        "name": DRY_RUN if of_dry_run else "import",
        "is_first": not (of_dry_run and job.summary),  # the one that matters now
    }
