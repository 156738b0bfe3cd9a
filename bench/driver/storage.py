"""What stands on the store alone (firstline-bench): (a), the storage part of (d), (e), (j)."""


def run(context):
    """Seeds every desk that is asked for; measures what the options want."""
    for engine in context.options.engines:
        for size in context.options.sizes:
            desk = context.desks.get(engine, size)
            context.report.tell(f"{engine} with {desk.size:,} incidents: {desk.info['entries']:,} entries")
