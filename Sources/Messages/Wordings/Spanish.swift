extension Wording {
    /// GSM-7 has no ó, so that the short texts say "clave" for "código".
    static let spanish = Wording(
        minutes: MinutePhrase(one: "# minuto", many: "# minutos"),
        short: [
            "{{code}} es su clave de {{app}}. Vence en {{validity}}. No la comparta con nadie.",
            "{{code}} es su clave de {{app}}. Vence en {{validity}}.",
            "{{code}} es su clave de {{app}}.",
        ],
        voice: "Hola. Su código de {{app}} es: {{code}}.",
        voiceAgain: "Una vez más, su código es: {{code}}. No lo comparta con nadie. Adiós.",
        mail: MailWording(
            subject: "Su código de {{app}}", subjectWithCode: "{{code}} es su código de {{app}}",
            heading: "Su código de {{app}}:", link: "O abra este enlace",
            advice: [
                "Es válido durante {{validity}}. No lo comparta con nadie.",
                "Si no ha pedido este código, puede ignorar este mensaje.",
            ]))
}
