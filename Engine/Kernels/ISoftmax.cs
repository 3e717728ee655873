namespace Engine.Kernels;

/// <summary>Softmax or its logarithm along an axis; <see cref="ITerm.Of{L}"/> of g and y is what the backward pass sums.</summary>
internal interface ISoftmax : ITerm
{
    /// <summary>The function's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>Whether <see cref="Output"/> uses e.</summary>
    static abstract bool UsesExponentials { get; }

    /// <summary>Σ e^(x − max), or the function of it that the outputs use.</summary>
    static abstract L Total<L>(L sum) where L : ILane<L>;

    /// <summary>y, where <paramref name="e"/> = e^(x − max).</summary>
    static abstract L Output<L>(L x, L e, L max, L total) where L : ILane<L>;

    /// <summary>The input's gradient dx, where <paramref name="sum"/> is the sum of the terms.</summary>
    static abstract L Derivative<L>(L y, L g, L sum) where L : ILane<L>;
}
