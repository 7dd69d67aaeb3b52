import Foundation
import Testing

@testable import Configuration

/// The settings of a file with this text, named `test.yaml` in errors.
func settings(_ text: String) throws(ConfigurationError) -> Section {
    try ConfigurationFile(bytes: Array(text.utf8), name: "test.yaml").root
}

/// What the user reads when `body` refuses; nil when it does not.
func refusal(_ body: () throws(ConfigurationError) -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return error.description
    }
}

/// What the user reads when a file with this text is refused as a whole.
func refusal(of text: String) -> String? { refusal { () throws(ConfigurationError) in _ = try settings(text) } }
