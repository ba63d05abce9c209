"""Fetches the collections of a site, page by page, in the order of their ids.

New entries come at the end, so that pages fetched before stay as they are. Where the site has fewer
entries than before, some were deleted and the others have moved up: the collection begins again. A
page that the site cannot answer is asked for in smaller parts, until one entry alone is left out.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from newsroom.wordpress.rest.fetch_store import State
from newsroom.wordpress.rest.rest_client import RestRefused
from newsroom.wordpress.site_import import SILENT

SIZES = (100, 50, 25, 5, 1)  # each a part of the one before
RESTARTS = 3
READERS = "readers"  # the view of those without rights
STATES = "publish,future,draft,pending,private,trash"
OWN_TAXONOMIES = {"nav_menu", "link_category", "post_format", "wp_theme", "wp_pattern_category"}
OTHER_TYPES = {"attachment", "wp_block", *SILENT}
FIELDS = {
    "users": "id,name,slug,username,email,first_name,last_name",
    "terms": "id,name,slug,parent,description",
    "media": "id,date_gmt,slug,link,author,post,title,alt_text,caption,source_url",
    "blocks": "id,content.raw",
    "comments": "id,post,parent,author,author_name,author_url,date_gmt,content,status,type,meta",
    "posts": "id,date_gmt,modified_gmt,slug,status,type,link,title,content,excerpt,author,parent,"
    "featured_media,comment_status,sticky,meta.footnotes,yoast_head_json.description",
}
TEXTS = ("title", "content", "excerpt")


@dataclass
class Collection:
    """What is fetched from one route. ``name`` is its name in the store.

    ``edit`` are the further parameters for a login that may edit, None if it sees the same;
    ``fields`` are those of the rows. Those ``of_posts`` may be named in parts, which spares the
    site the rendering of texts; of other rows, WordPress then gives nothing at all.
    """

    name: str
    route: str
    fields: str
    edit: dict | None = field(default_factory=dict)
    of_posts: bool = False

    def build_query(self, *, is_edited):
        if not is_edited:
            return {"_fields": self.fields}
        names = self.fields.split(",")
        if self.of_posts:
            names = [f"{name}.raw" if name in TEXTS else name for name in names]
            names.append("content.protected")
        return {"_fields": ",".join(names), "context": "edit", **self.edit}


@dataclass
class Plan:
    """What a site has: its post types and taxonomies by name with their routes."""

    types: dict
    taxonomies: dict
    left_out: dict

    @property
    def collections(self):
        posts = ",".join([FIELDS["posts"], *self.taxonomies.values()])
        return [
            Collection("users", "users", FIELDS["users"]),
            *(
                Collection(f"terms:{name}", route, FIELDS["terms"], edit=None)
                for name, route in self.taxonomies.items()
            ),
            Collection("media", "media", FIELDS["media"]),
            Collection("blocks", "blocks", FIELDS["blocks"]),
            *(
                Collection(f"posts:{name}", route, posts, {"status": STATES}, of_posts=True)
                for name, route in self.types.items()
            ),
            Collection(
                "comments", "comments", FIELDS["comments"], {"status": "any", "type": "all"}
            ),
        ]


class SiteFetcher:
    """Fetches a site into a store. ``progress`` is called repeatedly with the share done."""

    def __init__(self, client, store, options, progress):
        self._client = client
        self._store = store
        self._options = options
        self._progress = progress

    def fetch_all(self):
        """Fetch what is not there yet; returns (address of the site, ``Plan``).

        Raises ``RestRefused`` if the site stops answering.
        """
        site = self._client.connect()
        if self._client.has_login:
            self._client.check_login()
        else:
            text = _("read without a login: only what readers see")
            self._store.remark("", text, subject=self._client.address)
        plan = self._make_plan()
        collections = plan.collections
        for number, collection in enumerate(collections):
            if collection.name != "blocks" or self._client.has_login:
                self._fetch(
                    collection,
                    lambda share, done=number: self._progress((done + share) / len(collections)),
                )
        self._count_left_out(plan)
        address = site.get("home") or site.get("url")
        return (address if isinstance(address, str) else ""), plan

    def _make_plan(self):
        types = _list_routes(self._client.fetch("types").value)
        taxonomies = _list_routes(self._client.fetch("taxonomies").value)
        wanted = {"post", "page", *self._options.post_types}
        return Plan(
            types={name: route for name, route in types.items() if name in wanted},
            taxonomies={
                name: route for name, route in taxonomies.items() if name not in OWN_TAXONOMIES
            },
            left_out={
                name: route for name, route in types.items() if name not in wanted | OTHER_TYPES
            },
        )

    def _count_left_out(self, plan):
        """Remark on what the types hold that are not imported."""
        for name, route in plan.left_out.items():
            state = self._store.find_state(f"left out:{name}", "")
            if state.is_done:
                continue
            try:
                number = self._client.fetch_rows(route, per_page=1, _fields="id").total
            except RestRefused as error:
                if error.is_passing:
                    raise
                number = 0
            if number:
                text = _("skipped, items of this type are not imported: %s") % name
                self._store.remark("", text, times=number)
            self._store.add(f"left out:{name}", "", [], State(is_done=True))

    def _fetch(self, collection, progress):
        """Fetch a collection with the rights of the login, else what readers see."""
        if self._client.has_login and collection.edit is not None:
            try:
                hidden = self._fetch_pages(collection, True, progress)
                if hidden > 0:  # what others wrote, which readers may see
                    before = self._store.count(collection.name)
                    self._fetch_pages(collection, False, progress)
                    hidden -= self._store.count(collection.name) - before
                self._tell_hidden(collection, hidden)
                return
            except RestRefused as error:
                if error.status not in {400, 401, 403}:
                    self._leave_out(collection, error)
                    return
                text = _("this login sees only what readers see: %s") % error
                self._store.remark(collection.name, text, subject=collection.route)
        try:
            self._tell_hidden(collection, self._fetch_pages(collection, False, progress))
        except RestRefused as error:
            self._leave_out(collection, error)

    def _leave_out(self, collection, error):
        """Go on without a collection that the site does not show; posts are needed."""
        if error.is_passing or not error.status or collection.of_posts:
            raise error
        text = _("the site does not show this: %s") % error
        self._store.remark(collection.name, text, subject=collection.route)
        for view in ("", READERS):
            self._store.add(collection.name, view, [], State(is_done=True))

    def _fetch_pages(self, collection, is_edited, progress):
        """Fetch what an editor sees, or what readers see and the store does not hold yet.

        Returns how many entries were not shown.
        """
        query = collection.build_query(is_edited=is_edited)
        place = {"collection": collection.name, "view": "" if is_edited else READERS}
        size, state = SIZES[0], self._store.find_state(**place)
        while not state.is_done:
            state.position -= state.position % size
            try:
                answer = self._client.fetch_rows(
                    collection.route,
                    page=state.position // size + 1,
                    per_page=size,
                    orderby="id",
                    order="asc",
                    attempts=None if size == SIZES[0] else 2,
                    **query,
                )
            except RestRefused as error:
                if error.code.endswith("invalid_page_number"):
                    state.is_done = True
                else:
                    size = self._ask_for_less(collection, state, size, error)
                self._store.add(rows=[], state=state, **place)
                continue
            is_shorter = state.total is not None and (answer.total or 0) < state.total
            if is_shorter and state.restarts < RESTARTS:
                state = State(restarts=state.restarts + 1)
                self._store.clear(state=state, **place)
                continue
            state.position += size
            state.total = answer.total
            state.is_done = (
                state.position >= state.total if state.total is not None else not answer.value
            )
            self._store.add(rows=[_trim(row) for row in answer.value], state=state, **place)
            progress(min(state.position / max(state.total or 1, 1), 1))
            larger = SIZES[max(SIZES.index(size) - 1, 0)]
            size = larger if state.position % larger == 0 else size
        return (state.total or 0) - self._store.count(collection.name) - state.skipped

    def _ask_for_less(self, collection, state, size, error):
        """Return a smaller size of pages; leaves out an entry that is asked for alone."""
        if not error.is_passing or error.status == 429 or not self._client.is_alive():
            raise error
        if size > 1:
            return SIZES[SIZES.index(size) + 1]
        state.position += 1
        state.skipped += 1
        text = _("the site cannot show one entry: %s") % error
        self._store.remark(collection.name, text, subject=f"{collection.route} {state.position}")
        return size

    def _tell_hidden(self, collection, hidden):
        if hidden > 0:
            text = _("counted by the site, but not shown to this login")
            self._store.remark(collection.name, text, subject=collection.route, times=hidden)


def _list_routes(value):
    """Return {name: route} of the post types or taxonomies that a site names."""
    described = value.values() if isinstance(value, dict) else ()
    return {
        each["slug"]: each["rest_base"]
        for each in described
        if isinstance(each, dict)
        and isinstance(each.get("slug"), str)
        and isinstance(each.get("rest_base"), str)
        and each.get("rest_namespace", "wp/v2") == "wp/v2"
    }


def _trim(row):
    """Leave out the address that the writer of a comment gave."""
    return {**row, "author_url": ""} if row.get("type") == "comment" else row
