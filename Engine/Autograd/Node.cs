using System.Numerics;

namespace Engine;

/// <summary>
/// One use of an operation on a tape: what <see cref="Tape{T}.Record(in Node{T}, in Tensor{T})"/> stores and <see cref="Op{T}.Backward"/>
/// reads.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public struct Node<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The operation.</summary>
    public required Op<T> Op { get; init; }

    /// <summary>The first input.</summary>
    public Tensor<T> A { get; init; }

    /// <summary>The second input; the default tensor if there is none.</summary>
    public Tensor<T> B { get; init; }

    /// <summary>The third input; the default tensor if there is none.</summary>
    public Tensor<T> C { get; init; }

    /// <summary>
    /// What the forward pass computed and Backward needs again, such as statistics or a mask; no gradient flows through it.
    /// </summary>
    public Tensor<T> Saved { get; init; }

    /// <summary>A whole number that belongs to this use, such as an axis.</summary>
    public long Integer { get; init; }

    /// <summary>A number that belongs to this use, such as a factor.</summary>
    public double Scalar { get; init; }

    /// <summary>The key of the random numbers that this use drew.</summary>
    public RandomKey Key { get; init; }

    /// <summary>The result.</summary>
    public Tensor<T> Output { get; internal set; }

    internal Buffer<T>? Gradient { get; set; }

    /// <summary>Where the further inputs of this use begin on the tape, and how many there are.</summary>
    internal (int First, int Count) Inputs { get; set; }

    /// <summary>Where the indices of this use begin on the tape, and how many there are.</summary>
    internal (int First, int Count) Indices { get; set; }
}
