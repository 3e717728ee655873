namespace Engine;

/// <summary>An observation about an explained step.</summary>
/// <param name="Subject">
/// The subject: <c>clipping</c>, <c>bias correction</c>, <c>ε</c>, <c>weight decay</c>, <c>rate</c>, <c>gradient</c>, <c>rounding</c> or
/// <c>skipped</c>.
/// </param>
/// <param name="Value">The number that was observed.</param>
/// <param name="Text">The observation as a sentence.</param>
public sealed record Finding(string Subject, double Value, string Text);
