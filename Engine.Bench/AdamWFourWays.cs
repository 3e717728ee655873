using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>
/// The same AdamW step written four ways: the scalar textbook loop, a chain of <see cref="TensorPrimitives"/> calls, and the sweep over
/// <see cref="Vector{T}"/> and over 512 bits. One thread.
/// </summary>
public unsafe class AdamWFourWays
{
    private const float Rate = 1e-3f, Decay = 1 - 1e-5f, B1 = 0.9f, C1 = 0.1f, B2 = 0.999f, C2 = 0.001f;
    private const float Epsilon = 1e-8f, StepSize = Rate / 0.40951f, Root = 14.14f;

    private readonly AdamW _rule = new();
    private Buffer<float> _θ = null!, _g = null!, _m = null!, _v = null!, _scalars = null!;
    private float[] _scratch = [];
    private SweepOperands<float> _operands;

    /// <summary>Parameters.</summary>
    [Params(1_000, 16_384, 262_144, 4_000_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        (_θ, _g, _m, _v) = (Filled(0.5f), Filled(0.01f), Filled(0.01f), Filled(0.01f));
        _scratch = new float[N];
        _scalars = new Buffer<float>(ScalarPass<float>.Capacity, clear: true);
        ScalarPass<float> scalarPass = new(RuleDeclaration.Of<AdamW>());
        scalarPass.Run(_rule, _scalars.Pointer, 5, double.NaN, default, default, GradientScale.Identity);
        _operands = new()
        {
            Value = _θ.Pointer,
            Length = N,
            Gradient = _g.Pointer,
            First = _m.Pointer,
            Second = _v.Pointer,
            Scalars = _scalars.Pointer,
        };
    }

    /// <summary>The textbook.</summary>
    [Benchmark(Baseline = true)]
    public void ScalarLoop()
    {
        Span<float> θ = _θ.Span, g = _g.Span, m = _m.Span, v = _v.Span;
        for (int i = 0; i < θ.Length; i++)
        {
            m[i] = (B1 * m[i]) + (C1 * g[i]);
            v[i] = (B2 * v[i]) + (C2 * g[i] * g[i]);
            θ[i] = (Decay * θ[i]) - (StepSize * m[i] / ((MathF.Sqrt(v[i]) * Root) + Epsilon));
        }
    }

    /// <summary>One pass over memory for each operation.</summary>
    [Benchmark]
    public void TensorPrimitivesChain()
    {
        Span<float> θ = _θ.Span, g = _g.Span, m = _m.Span, v = _v.Span, s = _scratch;
        TensorPrimitives.Multiply(m, B1, m);
        TensorPrimitives.Multiply(g, C1, s);
        TensorPrimitives.Add(m, s, m);
        TensorPrimitives.Multiply(v, B2, v);
        TensorPrimitives.Multiply(g, C2, s);
        TensorPrimitives.Multiply(s, g, s);
        TensorPrimitives.Add(v, s, v);
        TensorPrimitives.Sqrt(v, s);
        TensorPrimitives.Multiply(s, Root, s);
        TensorPrimitives.Add(s, Epsilon, s);
        TensorPrimitives.Divide(m, s, s);
        TensorPrimitives.Multiply(s, StepSize, s);
        TensorPrimitives.Multiply(θ, Decay, θ);
        TensorPrimitives.Subtract(θ, s, θ);
    }

    /// <summary>The rule in registers of the machine's own width.</summary>
    [Benchmark]
    public void SweepVectorT() =>
        new Sweep.SweepKernel<AdamW, float>(in _rule, in _operands, clamp: false).Run<Wide<float>>(0, N);

    /// <summary>The rule in registers of 512 bits.</summary>
    [Benchmark]
    public void SweepVector512() =>
        new Sweep.SweepKernel<AdamW, float>(in _rule, in _operands, clamp: false).Run<Wide512<float>>(0, N);

    private Buffer<float> Filled(float value)
    {
        Buffer<float> buffer = new(N, clear: false);
        buffer.Span.Fill(value);
        return buffer;
    }
}
