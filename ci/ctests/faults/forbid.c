/* `forbid PROGRAM...`: runs a program that may not copy from or to the memory of other processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (argc < 2) return 2;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
        perror("forbid: prctl");
        return 3;
    }
    /* A filter that does not work would prove nothing. */
    char a, b;
    struct iovec to = {&a, 1}, from = {&b, 1};
    if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != -1 || errno != EPERM) return 4;
    if (process_vm_writev(getpid(), &from, 1, &to, 1, 0) != -1 || errno != EPERM) return 4;
    execvp(argv[1], argv + 1);
    perror("forbid: exec");
    return 5;
}
