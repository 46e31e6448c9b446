"""References for distribution functions, computed with mpmath at 60 digits and rounded once.

    python3 distributions.py references/distributions.json
"""
import json
import sys

import mpmath as mp

mp.mp.dps = 60


def normal(z):
    z = mp.mpf(z)
    return mp.erfc(-z / mp.sqrt(2)) / 2


def beta_lower(x, y, a, b):
    """I_x(a, b) with y = 1 - x, by the continued fraction of DLMF 8.17.22 from its far end."""
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_lower(y, x, b, a)
    value = mp.mpf(1)
    for m in range(20000, 0, -1):
        k, odd = divmod(m, 2)
        if odd:
            d = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        else:
            d = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        value = 1 + d / value
    front = a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    return mp.exp(front) / (a * value)


def t_upper(t, df):
    t, df = mp.mpf(t), mp.mpf(df)
    if t < 0:
        return 1 - t_upper(-t, df)
    return beta_lower(df / (df + t * t), t * t / (df + t * t), df / 2, mp.mpf(1) / 2) / 2


def f_upper(f, a, b):
    f, a, b = mp.mpf(f), mp.mpf(a), mp.mpf(b)
    return beta_lower(b / (b + a * f), a * f / (b + a * f), b / 2, a / 2)


def chi_square(x, df):
    """P(a, x) by its power series and Q(a, x) = 1 - P(a, x), with digits to spare for the difference."""
    a, x = mp.mpf(df) / 2, mp.mpf(x) / 2
    with mp.workdps(1200 if x > 1.05 * a else 120):
        term = total = 1 / a
        n = 0
        while term > total * mp.eps:
            n += 1
            term *= x / (a + n)
            total += term
        lower = total * mp.exp(a * mp.log(x) - x - mp.loggamma(a))
        return float(lower), float(1 - lower)


def out(value):
    return float(value)


made = {
    "source": f"mpmath {mp.__version__}, 60 digits",
    "normal": [[z, out(normal(z))] for z in (-37.5, -30, -20, -12.25, -8, -5.5, -3, -1.96, -1, -0.5, -0.01, -1e-9, 0, 0.3, 0.67, 1, 2.5, 5, 8)],
    "t": [[t, df, out(t_upper(t, df))]
          for df in (0.7, 1, 2.5, 4, 17, 29.6, 128.25, 842.7, 5000.5, 1e6, 3e8)
          for t in (-3.5, -0.4, 1e-8, 0.02, 0.7, 1, 1.96, 4, 8.125, 30, 200)],
    "f": [[f, a, b, out(f_upper(f, a, b))]
          for a, b in ((1, 4), (2, 7.3), (3, 812.4), (12.5, 33), (40, 2000), (250, 3.5))
          for f in (0.003, 0.2, 0.9, 1, 1.4, 3, 12, 90)],
    "chiSquare": [[x, df, *chi_square(x, df)]
                  for df in (0.5, 1, 2, 3.7, 10, 55, 1000, 200000)
                  for x in (1e-4 * df, 0.2 * df, 0.8 * df, float(df), 1.01 * df, 1.1 * df, 1.6 * df, 5 * df) if df < 1e5 or abs(x - df) < 0.05 * df],
    "logGamma": [[x, out(mp.loggamma(x))] for x in (1e-8, 0.1, 0.5, 0.999, 1.0001, 1.5, 1.99, 2.01, 3.3, 7, 12.5, 100.25, 1e4, 1e7)],
}
with open(sys.argv[1], "w") as file:
    json.dump(made, file)
    file.write("\n")
