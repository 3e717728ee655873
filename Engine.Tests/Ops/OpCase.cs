using System.Numerics;

namespace Engine.Tests;

/// <summary>One use of an operation, which all laws of operations are tested on.</summary>
/// <param name="Name">What is computed.</param>
/// <param name="Op">
/// The <see cref="Op{T}.Name"/> of the operation that this row is for: a recording of <paramref name="Function"/> contains it.
/// </param>
/// <param name="Function">The computation.</param>
/// <param name="Shapes">The shapes of the inputs: one list for each trial.</param>
internal sealed record OpCase<T>(string Name, string Op, Func<OpInputs<T>, Tensor<T>> Function, params int[][][] Shapes)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether each element of the result depends on one element of each input only, so that a zero gradient must stay zero.
    /// </summary>
    public bool IsElementwise { get; init; }

    /// <summary>
    /// Whether the operation takes parameters, not tensors, so that an input can be neither a constant nor an intermediate result.
    /// </summary>
    public bool TakesParameters { get; init; }

    /// <summary>Draws shapes of the inputs, any that the operation is defined for.</summary>
    public Func<TrialShapes, int[][]>? Draw { get; init; }

    /// <summary>The computation with settings that are drawn with the shapes, where they are not those of <see cref="Function"/>.</summary>
    public Func<OpInputs<T>, TrialShapes, Tensor<T>>? With { get; init; }

    /// <summary>For an operation that is not defined, or not smooth, for every negative number: which inputs are positive.</summary>
    public Func<int, bool>? IsPositive { get; init; }

    /// <summary>Whether the operation returns several tensors as an array, which is on the heap.</summary>
    public bool ReturnsArray { get; init; }

    /// <summary>
    /// Parameters with random values whose magnitudes are from ½ to 1½, away from poles and from the kinks at 0; with both signs unless
    /// the input is positive.
    /// </summary>
    public Parameter<T>[] Parameters(int[][] shapes, int seed = 3) =>
        [.. shapes.Select((shape, i) => Parameter(i, shape, seed + i, IsPositive?.Invoke(i) ?? false))];

    /// <summary>
    /// A parameter that can be all inputs; none if their shapes differ, or the result has a kink where they are equal.
    /// </summary>
    public Parameter<T>? ParameterForAll(int[][] shapes, int seed = 3) =>
        TakesParameters || Op is "Maximum" or "Minimum" || shapes.Any(shape => !shape.SequenceEqual(shapes[0]))
            ? null
            : Parameter(0, shapes[0], seed, shapes.Select((_, i) => IsPositive?.Invoke(i) ?? false).Any(static p => p));

    public override string ToString() => Name;

    private static Parameter<T> Parameter(int input, int[] shape, int seed, bool isPositive)
    {
        double[] values = Samples.Uniform<double>(new Shape(shape).Length, seed, isPositive ? 0 : -1);
        T[] elements = Array.ConvertAll(values, static v => T.CreateTruncating(v < 0 ? v - 0.5 : v + 0.5));
        return new($"input {input}", Tensor<T>.From(elements, new Shape(shape)));
    }
}

/// <summary>The inputs of an operation.</summary>
internal readonly record struct OpInputs<T>(Tensor<T>[] Tensors, Parameter<T>[] Parameters) where T : unmanaged, IFloatingPointIeee754<T>
{
    public Tensor<T> this[int i] => Tensors[i];
}
