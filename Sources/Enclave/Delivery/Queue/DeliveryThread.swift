import Glibc

/// A thread of its own for work that blocks.
enum DeliveryThread {
    /// Starts a thread that runs `body` and ends.
    ///
    /// - Returns: false if the system has no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        // A new thread takes over its creator's mask. Signals belong to the main thread, and a write to a connection
        // that the peer has closed must fail with EPIPE instead of ending the process.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let argument = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        guard pthread_create(&thread, nil, runBody, argument.toOpaque()) == 0 else {
            argument.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private static let runBody: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
