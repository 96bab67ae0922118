"""What `npm run bench` compares the ledger with: netaddr's IPSet gives out IPv4 prefixes, the first free each."""

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
    begin = time.perf_counter()
    allocate(int(sys.argv[1]))
    print((time.perf_counter() - begin) * 1000)


if __name__ == "__main__":
    main()
