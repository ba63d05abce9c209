"""The import of a running WordPress by its REST API, as the records that an export holds.

rest_client    asks the site: log-in, waiting, repeating, what its errors mean
fetch_store    keeps what was fetched, so that an interrupted run goes on
site_fetcher   fetches one collection after another
rest_records   what was fetched, as records
rest_importer  the importer
"""
