import CountersignClient
import Foundation

/// One line for the person, at once: another program may read it.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Whoever has the message, at the terminal.
struct Person {
    /// What was typed; nil where nobody answers any more.
    func code() -> String? {
        say("code?")
        return readLine()
    }

    /// Lets the person try again for as long as the code has attempts left.
    func answer<Proof>(_ attempt: (String) async throws -> Proof) async throws -> Proof {
        while let typed = code() {
            do {
                return try await attempt(typed)
            } catch let error as CountersignError {
                switch error.serverCode {
                case .invalidCode where error.attemptsRemaining != 0:
                    say("wrong, \(error.attemptsRemaining ?? 0) left")
                case .invalidCode, .codeExpired, .tooManyAttempts, .codeFromBeforeRestart:
                    say("start again")
                    throw error
                default:
                    throw error
                }
            }
        }
        throw NobodyAnswers()
    }
}

struct NobodyAnswers: Error {}
