using System.Numerics;

namespace Engine.Tests.Interpreters;

/// <summary>
/// One parameter of a length that is no multiple of any register, and gradients that change their sign, vanish once and differ in size.
/// </summary>
internal sealed class Trial<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public const int Length = 5;

    public Optimizer<T> Optimizer { get; init; } = new();

    public Parameter<T> Parameter { get; } = new("w", Tensor<T>.From(Numbers(1.25, -0.75, 3, 1e-3, -20), [Length]));

    public double Value(int index) => double.CreateTruncating(Parameter.Value.Span[index]);

    public void SetGradient(int t) => Parameter.SetGradient(Tensor<T>.From(t switch
    {
        1 => Numbers(0.3, -1.5, 1e-4, 0, 7),
        2 => Numbers(0.5, 0.25, -2e-4, 0.125, 6),
        _ => Numbers(-0.2, 0.75, 3e-4, -0.5, 5),
    }, [Length]));

    private static T[] Numbers(params double[] values) => [.. values.Select(T.CreateTruncating)];
}

internal static class Bits
{
    public static void Same(double actual, double expected, string what) =>
        Assert.That(BitConverter.DoubleToInt64Bits(actual), Is.EqualTo(BitConverter.DoubleToInt64Bits(expected)),
            $"{what}: got {actual:R}, expected {expected:R}");
}
