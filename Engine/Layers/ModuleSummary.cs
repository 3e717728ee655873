using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>A layer as a table: a line for each module inside, with the shape of its output, its parameters and their bytes.</summary>
public static class ModuleSummary
{
    extension<T>(Layer<T> layer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The table for an input of a given shape, with which the layer is run once in evaluation mode; its modes, buffers and counters
        /// are as before. The modules inside one that is not a <see cref="Sequential{T}"/> are listed without the shape of their output.
        /// </summary>
        /// <param name="input">The shape of the input, whose elements are zeros.</param>
        /// <exception cref="ArgumentException">A module refuses its input.</exception>
        public string Summary(Shape input)
        {
            List<(string Name, string Layer, string Output, long Parameters)> rows = [];
            using (new EvaluationMode<T>(layer))
            using (new Tape<T>().Evaluate())
            {
                Add(rows, "", layer, Tensor<T>.Zeros(input));
            }
            return Table<T>(rows, layer.Parameters.Sum(static p => (long)p.Shape.Length));
        }
    }

    private static Tensor<T> Add<T>(
        List<(string Name, string Layer, string Output, long Parameters)> rows, string name, Layer<T> layer, Tensor<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer is Sequential<T>)
        {
            foreach ((string inner, Module<T> child) in layer.Children)
            {
                x = Add(rows, Join(name, inner), (Layer<T>)child, x);
            }
            return x;
        }
        Tensor<T> y = layer.Forward(x);
        rows.Add((name, Line(layer), y.Shape.ToString(), layer.Parameters.Sum(static p => (long)p.Shape.Length)));
        AddInner(rows, name, layer);
        return y;
    }

    private static void AddInner<T>(
        List<(string Name, string Layer, string Output, long Parameters)> rows, string name, Module<T> module)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach ((string inner, Module<T> child) in module.Children)
        {
            rows.Add((Join(name, inner), "  " + Line(child), "", child.Parameters.Sum(static p => (long)p.Shape.Length)));
            AddInner(rows, Join(name, inner), child);
        }
    }

    private static string Join(string outer, string inner) => outer.Length == 0 ? inner : $"{outer}.{inner}";

    private static string Line<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T> => module.ToString().Split('\n')[0];

    private static string Table<T>(List<(string Name, string Layer, string Output, long Parameters)> rows, long total)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        int name = Math.Max(4, rows.Max(static r => r.Name.Length)), layer = Math.Max(5, rows.Max(static r => r.Layer.Length)),
            output = Math.Max(6, rows.Max(static r => r.Output.Length));
        StringBuilder text = new();
        Append("name", "layer", "output", "parameters", "bytes");
        foreach ((string n, string l, string o, long count) in rows)
        {
            Append(n, l, o, Number(count), Number(count * size));
        }
        Append("", "total", "", Number(total), Number(total * size));
        return text.ToString();

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

        void Append(string n, string l, string o, string p, string b) =>
            text.Append(n.PadRight(name + 2)).Append(l.PadRight(layer + 2)).Append(o.PadRight(output + 2)).Append(p.PadLeft(12))
                .Append(b.PadLeft(14)).Append('\n');
    }
}
