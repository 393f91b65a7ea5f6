"""The sliding minimum, against a plain list."""

from hypothesis import given, strategies as st

from custom_components.ampacity.engine.window import SlidingMin

STEPS = st.lists(st.tuples(st.floats(0.0, 50.0), st.floats(-10.0, 30.0)), min_size=1)


@given(STEPS, st.floats(0.0, 120.0), st.floats(-10.0, 30.0))
def test_minimum_is_that_of_all_samples(
    steps: list[tuple[float, float]], back_s: float, level: float
) -> None:
    """Whatever was sampled, and however far one looks back."""
    window, kept, clock_s = SlidingMin(), [], 0.0
    for step_s, value in steps:
        clock_s += step_s
        window = window.add(clock_s, value, 120.0)
        kept.append((clock_s, value))
    recent = [(at_s, value) for at_s, value in kept if at_s >= clock_s - 120.0]
    since_s = clock_s - back_s
    assert window.lowest(since_s) == min(
        value for at_s, value in recent if at_s >= since_s
    )
    below = [at_s for at_s, value in recent if value < level]
    assert window.last_below_s(level) == (below[-1] if below else None)
    assert len(window.samples) <= len(recent)


def test_empty_window_knows_nothing() -> None:
    """No sample, no minimum."""
    assert SlidingMin().lowest(0.0) is None
    assert SlidingMin().last_below_s(100.0) is None


def test_few_samples_are_kept() -> None:
    """A day of seconds with a steady value is one sample."""
    window = SlidingMin()
    for second in range(86_400):
        window = window.add(float(second), 5.0, 120.0)
    assert len(window.samples) == 1
