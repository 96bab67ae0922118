"""What `npm run bench` compares the ledger with: netaddr's IPSet gives out 10,000 IPv4 prefixes, the first free each."""

import sys
import time

from netaddr import IPSet


def allocate(count: int) -> None:
    free = IPSet(["10.0.0.0/8"])
    for index in range(count):
        length = 24 + index % 5
        block = next(cidr for cidr in free.iter_cidrs() if cidr.prefixlen <= length)
        free.remove(next(block.subnet(length)))


def main() -> None:
    times = []
    for _ in range(int(sys.argv[1])):
        begin = time.perf_counter()
        allocate(10_000)
        times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    what = "10,000 prefixes by netaddr's IPSet"
    print(f"{what:<42} {times[0]:6.0f} ms  median {times[len(times) // 2]:.0f} ms")


if __name__ == "__main__":
    main()
