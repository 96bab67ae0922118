/* confine PROGRAM [ARGUMENT...]: runs a program that can change no network and open no socket past it, for good.
 *
 * Linked statically and kept in a volume that a VPS reads only (carrier.sh): root of a VPS may write over every file of
 * the image, and a program that still held rights at the next start would then be theirs.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this architecture are not known here"
#endif

#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))
#define REFUSE(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_IF(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (count), 0)
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define SKIP_BELOW(value, count) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (value), 0, (count))

static const int given_up[] = {CAP_NET_ADMIN, CAP_SETPCAP};

/* Sockets that no packet filter sees (AF_VSOCK leads to the machine's own host) are none of a VPS's business. Calls of
 * another architecture are numbered otherwise and would get past; x32's begin at 0x40000000. A ring (io_uring) opens sockets without the call that is looked at. */
static struct sock_filter filter[] = {
    LOAD(arch),
    SKIP_IF(NATIVE, 1),
    REFUSE(ENOSYS),
    LOAD(nr),
    SKIP_BELOW(0x40000000, 1),
    REFUSE(ENOSYS),
    SKIP_UNLESS(__NR_io_uring_setup, 1),
    REFUSE(ENOSYS),
    SKIP_UNLESS(__NR_socket, 6),
    LOAD(args[0]),
    SKIP_IF(AF_UNIX, 4),
    SKIP_IF(AF_INET, 3),
    SKIP_IF(AF_INET6, 2),
    SKIP_IF(AF_NETLINK, 1),
    REFUSE(EAFNOSUPPORT),
    ALLOW,
};

static int give_up_rights(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &head, sets) != 0) return -1;
    for (size_t i = 0; i < LENGTH(given_up); i++) {
        unsigned keep = ~CAP_TO_MASK(given_up[i]);
        struct __user_cap_data_struct *set = &sets[CAP_TO_INDEX(given_up[i])];
        if (prctl(PR_CAPBSET_DROP, given_up[i], 0, 0, 0) != 0) return -1;
        set->effective &= keep;
        set->permitted &= keep;
        set->inheritable &= keep;
    }
    return (int)syscall(SYS_capset, &head, sets);
}

int main(int count, char **words) {
    struct sock_fprog program = {LENGTH(filter), filter};
    if (count < 2) return 2;
    if (give_up_rights() != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
        perror("simpul: rights could not be given up; not started");
        return 1;
    }
    execv(words[1], words + 1);
    perror(words[1]);
    return 127;
}
