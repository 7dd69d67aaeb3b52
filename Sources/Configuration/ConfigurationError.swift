/// What is wrong with a configuration file, where, and what is allowed there. For people: it stops the start.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as it was named to us.
    public let file: String
    /// Counted from 1; nil where the fault is the file's as a whole.
    public let line: Int?
    /// What is wrong and what is allowed. It never quotes a secret.
    public let message: String

    /// An error at this place.
    public init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `data/enclave.yaml:4: smtp.port must be a whole number from 1 to 65535, not "abc"`
    public var description: String {
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}
