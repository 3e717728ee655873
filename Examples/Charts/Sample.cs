namespace Examples.Charts;

/// <summary>Values whose distribution a <see cref="Histogram"/> draws, such as the weights of a layer.</summary>
internal sealed record Sample(string Name, IReadOnlyList<double> Values);
