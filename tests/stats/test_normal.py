import pytest

from avidity.errors import AnalysisError
from avidity.stats.normal import p_of, z_of


def test_quantile_and_p_value_undo_each_other():
    # R 4.2.2: print(qnorm(0.975), digits = 16) is 1.959963984540054
    assert z_of(0.95) == pytest.approx(1.959963984540054, rel=1e-14)
    assert p_of(z_of(0.95)) == pytest.approx(0.05, rel=1e-13)
    assert p_of(1.3) == p_of(-1.3)


def test_a_level_outside_0_and_1_is_refused():
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        z_of(95)
