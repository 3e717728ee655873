namespace Engine;

/// <summary>A line of the formula at an explained step.</summary>
/// <param name="Target">The symbol that the line defines or assigns.</param>
/// <param name="Formula">The line as text.</param>
/// <param name="Before">The target's value before the line; null for an intermediate.</param>
/// <param name="Value">The target's value after the line.</param>
public sealed record ExplainedLine(string Target, string Formula, double? Before, double Value);
