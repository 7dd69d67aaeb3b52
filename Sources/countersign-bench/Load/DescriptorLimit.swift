import Glibc

/// How many descriptors this process may have.
enum DescriptorLimit {
    /// Raises the soft limit of descriptors. Children inherit it.
    static func allow(_ count: Int) throws(BenchmarkError) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { throw .system("getrlimit") }
        guard limit.rlim_cur < rlim_t(count) else { return }
        limit.rlim_cur = rlim_t(count)
        guard limit.rlim_cur <= limit.rlim_max, setrlimit(resource, &limit) == 0 else {
            throw BenchmarkError(
                "\(count) descriptors are needed and \(limit.rlim_max) allowed: raise the hard limit (ulimit -Hn)")
        }
    }
}
