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

    /// <summary>For which shapes the operation is defined.</summary>
    public OpDomain Domain { get; init; }

    /// <summary>Whether the operation returns several tensors as an array, which is on the heap.</summary>
    public bool ReturnsArray { get; init; }

    /// <summary>Parameters with random values from ½ to 1½: away from poles, and from the kinks at 0.</summary>
    public static Parameter<T>[] Parameters(int[][] shapes) =>
        [
            .. shapes.Select(
                static (shape, i) => new Parameter<T>(
                    $"input {i}", Tensor<T>.From(Samples.Uniform<T>(new Shape(shape).Length, 3 + i, 0.5, 1.5), new Shape(shape))))];

    public override string ToString() => Name;
}

/// <summary>The inputs of an operation.</summary>
internal readonly record struct OpInputs<T>(Tensor<T>[] Tensors, Parameter<T>[] Parameters) where T : unmanaged, IFloatingPointIeee754<T>
{
    public Tensor<T> this[int i] => Tensors[i];
}
