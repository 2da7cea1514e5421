# SPDX-License-Identifier: Apache-2.0
"""One failover as a picture: what the cluster did, what the driver did, and when a write came through again."""
import html
import re

STAGES = ("topology known", "connected", "writer verified", "state restored")
LINE = re.compile(r"moved from .* in (?P<total>[0-9.]+) ms \(detected (?P<detected>[0-9.]+) after the call began; "
                  + ", ".join(rf"{stage} (?P<{stage.replace(' ', '_')}>[0-9.]+)" for stage in STAGES))
CLUSTER_STEPS = ("fault", "old_writer_stopped", "chosen", "promoted", "told", "readers_follow", "rejoined")


def moves(log):
    """Milliseconds of each failover that the driver's log tells, since it noticed the loss."""
    return [{name: float(value) for name, value in found.groupdict().items()} for found in LINE.finditer(log)]


def events_of(run, move):
    """(milliseconds since the fault, whose, what) of the first client's failover."""
    client = run["clients"][0]
    since = lambda ns: (ns - run["fault_ns"]) / 1e6  # noqa: E731
    events = [(since(step["monotonic_ns"]), "cluster", step["step"].replace("_", " ")) for step in run["steps"]
              if step["step"] in CLUSTER_STEPS]
    # The statement fails when the session is restored: from there the log's own times count back.
    noticed = since(client["first_error_ns"]) - move["total"]
    events.append((noticed, "driver", "loss noticed"))
    events += [(noticed + move[stage.replace(" ", "_")], "driver", stage) for stage in STAGES]
    events += [(since(client["first_error_ns"]), "application", "told: " + " ".join(client["states"])),
               (since(run["accepted_ns"]), "floor", "first write that any host accepts"),
               (since(client["first_after_ns"]), "application", "writes again")]
    return sorted(events)


def svg(events, title):
    """Lanes, one per actor; a line per event, so that what lies close together can still be read."""
    colours = {"cluster": "#7a5195", "driver": "#2f6db3", "floor": "#c0392b", "application": "#2e8b57"}
    shown = [event for event in events if event[0] <= 2 * max(e[0] for e in events if e[1] != "cluster") + 5]
    begin, end = min(0, shown[0][0]), max(event[0] for event in shown)
    left, width, line = 130, 620, 22
    x = lambda at: left + (at - begin) / max(end - begin, 1e-6) * width  # noqa: E731
    height = 70 + line * len(shown)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="1150" height="{height}" font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="white"/>', f'<text x="10" y="22" font-size="16">{html.escape(title)}</text>']
    for row, (at, whose, what) in enumerate(shown):
        y = 50 + line * row
        parts += [f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#eee"/>',
                  f'<text x="10" y="{y + 4}" fill="{colours[whose]}">{whose}</text>',
                  f'<line x1="{x(begin):.1f}" x2="{x(at):.1f}" y1="{y}" y2="{y}" stroke="{colours[whose]}" stroke-opacity="0.35" '
                  'stroke-width="6"/>',
                  f'<circle cx="{x(at):.1f}" cy="{y}" r="5" fill="{colours[whose]}"/>',
                  f'<text x="{left + width + 14}" y="{y + 4}">{at:.1f} ms: {html.escape(what)}</text>']
    return "\n".join([*parts, "</svg>", ""])
