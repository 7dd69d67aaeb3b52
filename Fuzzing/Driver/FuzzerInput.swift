import Dispatch
import Glibc

/// What libFuzzer's `main` calls with each input (https://llvm.org/docs/LibFuzzer.html): hands it to the entry that the
/// environment's `FUZZ_TARGET` names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
    FuzzerInput.run(Array(UnsafeBufferPointer(start: bytes, count: length)))
    return 0
}

private enum FuzzerInput {
    private static let target: FuzzTarget = {
        if let target = getenv("FUZZ_TARGET").flatMap({ FuzzTarget(rawValue: String(cString: $0)) }) { return target }
        say("FUZZ_TARGET must name one of: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
        _exit(64)
    }()

    /// Waits for the entry. A broken promise is a crash, whose input libFuzzer keeps.
    static func run(_ bytes: [UInt8]) {
        let isDone = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                try await target.run(bytes)
            } catch {
                say("broken promise: \(error)")
                abort()
            }
            isDone.signal()
        }
        isDone.wait()
    }

    private static func say(_ words: String) {
        let line = words + "\n"
        write(STDERR_FILENO, line, line.utf8.count)
    }
}
