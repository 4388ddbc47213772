"""Upstream charts: the versions that a repository pins, their digests, and their archives.

pins.read_pins(revision)          the charts in charts/upstream/Chart.yaml
lock.read_lock(revision)          their digests in charts/upstream/charts.lock
cache.ArchiveStore(revision)      the verified archives in the cache of the user, or those in the
                                  repository
archive.read_archive(data, label) the content of an archive, which is hostile until it is checked

The modules that use the network are `locking`, `pulling` and `outdated`. No other module imports
them, so that commands without a network cannot use it by mistake.
"""
