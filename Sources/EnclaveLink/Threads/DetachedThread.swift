import CLinux
import Glibc

/// Threads of our own: the frame loops block in system calls, which the cooperative pool must not.
public enum DetachedThread {
    private final class Body: Sendable {
        let name: String
        let work: @Sendable () -> Void

        init(name: String, work: @escaping @Sendable () -> Void) {
            self.name = name
            self.work = work
        }

        func run() {
            clinux_name_thread(name)
            work()
        }
    }

    /// Starts a thread that ends with `body`.
    /// - Parameter name: at most 15 characters, as the kernel keeps it.
    /// - Returns: false if the system has no thread to give.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(Body(name: name, work: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        guard status == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
