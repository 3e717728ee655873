using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = x where x &gt; 0, else w·x for each element: a rectifier whose slope below zero is learned (He, Zhang, Ren, Sun: Delving deep into
/// rectifiers, 2015). Weight decay would pull the slope to zero.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PRelu<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer whose slopes start at a given number.</summary>
    /// <param name="channels">The number of slopes: 1 for all elements together, or the extent of axis 1, for one for each channel.</param>
    /// <param name="slope">The initial w.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of slopes is below 1.</exception>
    public PRelu(int channels = 1, double slope = 0.25)
    {
        if (channels < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(channels),
                string.Create(CultureInfo.InvariantCulture, $"PRelu: got {channels} channels, expected at least 1."));
        }
        Weight = AddParameter("weight", Tensor<T>.Full([channels], T.CreateTruncating(slope)));
    }

    /// <summary>w of [1] or [channels].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>The layer, and the number of slopes where there is more than one.</summary>
    public override string ToString() =>
        Weight.Shape[0] == 1 ? "PRelu" : string.Create(CultureInfo.InvariantCulture, $"PRelu({Weight.Shape[0]})");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are several slopes, and axis 1 of x has another extent.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.PRelu(Weight.Value);
}
