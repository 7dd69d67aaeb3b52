import CLinux
import Glibc

/// Threads of our own: the loops of the link block in system calls, which the cooperative pool must not.
public enum DetachedThread {
    /// Starts a thread that ends with `work`.
    /// - Parameter name: for `ps` and debuggers; the kernel keeps 15 characters.
    /// - Returns: false if the system has no thread to give.
    public static func start(_ name: String, _ work: @escaping @Sendable () -> Void) -> Bool {
        // A new thread inherits the mask. Signals belong to the main thread.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let argument = Unmanaged.passRetained(Work(name: name, body: work))
        var thread = pthread_t()
        guard pthread_create(&thread, nil, Work.run, argument.toOpaque()) == 0 else {
            argument.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
            clinux_name_thread(work.name)
            work.body()
            return nil
        }
    }
}
