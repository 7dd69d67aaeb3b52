extension Wording {
    /// GSM-7 has neither ó nor á, so that the short texts do without "código" and "válido".
    static let portuguese = Wording(
        minutes: MinutePhrase(one: "# minuto", many: "# minutos"),
        short: [
            "{{app}}: use {{code}} para confirmar. Expira em {{validity}}. Nunca compartilhe este PIN.",
            "{{app}}: use {{code}} para confirmar. Expira em {{validity}}.",
            "{{app}}: use {{code}} para confirmar.",
        ],
        voice: "Olá. O seu código {{app}} é: {{code}}.",
        voiceAgain: "Mais uma vez, o seu código é: {{code}}. Nunca o compartilhe. Até logo.",
        mail: MailWording(
            subject: "O seu código {{app}}", subjectWithCode: "{{code}} é o seu código {{app}}",
            heading: "O seu código {{app}}:", link: "Ou abra este link",
            advice: [
                "É válido por {{validity}}. Nunca o compartilhe com ninguém.",
                "Se não pediu este código, pode ignorar esta mensagem.",
            ]))
}
