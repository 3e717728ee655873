using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// A layer whose weight is W/σ with the largest singular value σ of W as a matrix of [outputs, everything else], so that it lengthens no
/// vector (Miyato, Kataoka, Koyama, Yoshida: Spectral normalization for generative adversarial networks, 2018). σ = uᵀ·W·v with vectors u
/// and v that each forward pass in training improves by power iteration: v ← Wᵀ·u/‖Wᵀ·u‖, u ← W·v/‖W·v‖. Evaluation uses them as they are.
/// No gradient flows through u and v.
/// </summary>
/// <remarks>
/// The parameters are <c>weight_orig</c> and <c>bias</c>, the buffers <c>weight_u</c> and <c>weight_v</c>, as those of PyTorch's
/// <c>torch.nn.utils.spectral_norm</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SpectralNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The iterations that a new layer starts with, so that its σ is about right before any training.</summary>
    private const int FirstIterations = 15;

    private readonly ModuleState<T> _before = new();

    /// <summary>A layer with the weight of the given one, u and v being random before the first 15 iterations.</summary>
    /// <param name="layer">
    /// A <see cref="Linear{T}"/>, <see cref="Conv1d{T}"/>, <see cref="Conv2d{T}"/> or the like. Its settings are used, and its parameters
    /// are copied; it does not become a part of this module.
    /// </param>
    /// <param name="key">The key of the first u and v.</param>
    /// <param name="iterations">The iterations in each forward pass in training, at least 1.</param>
    /// <param name="epsilon">The smallest norm that u and v are divided by, above 0.</param>
    /// <exception cref="ArgumentNullException">The layer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public SpectralNorm(WeightedLayer<T> layer, RandomKey key, int iterations = 1, double epsilon = 1e-12)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (iterations < 1 || !(epsilon > 0))
        {
            throw new ArgumentOutOfRangeException(
                iterations < 1 ? nameof(iterations) : nameof(epsilon),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SpectralNorm: got {iterations} iterations and ε = {epsilon}, expected at least 1 iteration and ε above 0."));
        }
        Layer = layer;
        Iterations = iterations;
        Epsilon = epsilon;
        Weight = AddParameter("weight_orig", layer.Weight.Value);
        if (layer.Bias is not null)
        {
            Bias = AddParameter("bias", layer.Bias.Value);
        }
        int outputs = Weight.Shape[0];
        U = AddBuffer("weight_u", Tensor<T>.Zeros([outputs]));
        V = AddBuffer("weight_v", Tensor<T>.Zeros([Weight.Shape.Length / Math.Max(1, outputs)]));
        OnWeightsInitialized(key);
    }

    /// <summary>W.</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b, if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>u of [outputs].</summary>
    public NamedTensor<T> U { get; }

    /// <summary>v, as long as an output's part of the weight.</summary>
    public NamedTensor<T> V { get; }

    /// <summary>The iterations in each forward pass in training.</summary>
    public int Iterations { get; }

    /// <summary>The smallest norm that u and v are divided by.</summary>
    public double Epsilon { get; }

    /// <summary>The layer whose settings are used; its parameters are not.</summary>
    internal WeightedLayer<T> Layer { get; }

    /// <summary>The name, the layer, and non-default settings.</summary>
    public override string ToString() => $"SpectralNorm({Layer}" + LayerText.Setting("iterations", Iterations, 1)
        + LayerText.Setting("epsilon", Epsilon, 1e-12) + ")";

    /// <inheritdoc/>
    /// <remarks>If the layer throws, u and v are again what they were before, and nothing of the call is recorded.</remarks>
    /// <exception cref="ArgumentException">The layer refuses the input.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        _before.Save(this);
        Tape<T>.Mark before = Tape<T>.SetMark();
        try
        {
            if (Training)
            {
                Iterate(Iterations);
            }
            return Layer.Forward(x, Normalized(), Bias is null ? default : Bias.Value);
        }
        catch
        {
            _before.Restore();
            before.RollBack();
            throw;
        }
    }

    /// <summary>W/σ with the present u and v.</summary>
    internal Tensor<T> Normalized() =>
        Weight.Value / (Weight.Value.Reshape(U.Shape.Length, V.Shape.Length).MatMul(V.Value) * U.Value).Sum();

    private protected override void OnWeightsInitialized(RandomKey key)
    {
        key.Fold("u").FillNormal(U.Value.Output);
        key.Fold("v").FillNormal(V.Value.Output);
        Iterate(FirstIterations);
    }

    private void Iterate(int iterations)
    {
        Span<T> u = U.Value.Output, v = V.Value.Output;
        ReadOnlySpan<T> weight = Weight.Value.Span;
        for (int i = 0; i < iterations; i++)
        {
            MatrixProduct.Multiply(u, false, weight, false, v, 1, v.Length, u.Length);
            Normalize(v);
            MatrixProduct.Multiply(weight, false, v, false, u, u.Length, 1, v.Length);
            Normalize(u);
        }
    }

    private void Normalize(Span<T> vector)
    {
        double norm = Vectors.Norm<T>(vector);
        TensorPrimitives.Divide(vector, T.CreateTruncating(Math.Max(norm, Epsilon)), vector);
    }
}
