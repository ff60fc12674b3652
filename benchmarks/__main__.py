"""All benchmarks, one after the other: `make bench`."""

from benchmarks import callables, command_line, diagnose, enclosure, exact, facade, initializers, quadrature, site

for benchmark in (facade, exact, enclosure, quadrature, callables, initializers, diagnose, command_line, site):
    print(f"== {benchmark.__name__}: {(benchmark.__doc__ or '').splitlines()[0]}")
    benchmark.main()
    print()
